import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the proxy listens. */
export interface BearerProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** A proxy on loopback that passes everything on as it is, with a token: for clients that cannot be given one. */
export const openBearerProxy = async (target: string, token: string): Promise<BearerProxy> => {
  const { port } = new URL(target);
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = http.request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...headers, authorization: `Bearer ${token}` },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
