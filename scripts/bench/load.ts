// The other end of a measurement, in a process of its own so that its work is not counted: keeps eight requests under way.
import http from 'node:http';
import type { Load } from './measure.ts';

const atOnce = 8;
const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });

/** Sends one request; gives the size of its answer. */
const once = ({ port, path, headers, body }: Load): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.request({ agent, port, path, method: 'POST', headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });

const sendAll = async (request: Load, times: number): Promise<void> => {
  let begun = 0;
  let bytes = 0;
  const worker = async () => {
    while (begun < times) {
      begun += 1;
      bytes = await once(request);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  process.send?.({ bytes });
};

process.on('message', (message) => {
  const { request, times } = message as { request: Load; times: number };
  void sendAll(request, times);
});
