import { parentPort, workerData } from 'node:worker_threads';
import { startBackend } from './backend.ts';
import { frameMessages } from './frames.ts';
import type { WorkerOptions, WorkerOrder, WorkerReport } from './worker-messages.ts';

/** The worker thread of the embedded database: bytes in, bytes out, one session at a time. */
const serve = async (): Promise<void> => {
  const port = parentPort!;
  const report = (what: WorkerReport) =>
    port.postMessage(what, what instanceof Uint8Array ? [what.buffer] : []);
  const backend = await startBackend(workerData as WorkerOptions, {
    send: report,
    die: (failure) => {
      report({ failure });
      process.exit(1);
    },
  });

  let frames = frameMessages();
  port.on('message', (order: WorkerOrder) => {
    if (order === 'stop') {
      void backend.stop().then(() => process.exit(0));
    } else if (order === 'hang-up') {
      frames = frameMessages();
      backend.forgetSession();
      report('hung-up');
    } else {
      for (const batch of frames(order)) backend.exchange(batch);
    }
  });
  report('ready');
};

await serve();
