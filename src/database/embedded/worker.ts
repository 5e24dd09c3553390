import { parentPort, workerData } from 'node:worker_threads';
import { startBackend } from './backend.ts';
import { frameMessages } from './frames.ts';
import { packImage } from './image-files.ts';
import { startUpkeep } from './upkeep.ts';
import type { WorkerOptions, WorkerOrder, WorkerReport } from './worker-messages.ts';

/** The worker thread of the embedded database: bytes in, bytes out, one session at a time. */
const serve = async (): Promise<void> => {
  const port = parentPort!;
  const options = workerData as WorkerOptions;
  const report = (what: WorkerReport) =>
    port.postMessage(what, what instanceof Uint8Array ? [what.buffer] : []);
  const die = (failure: string): never => {
    report({ failure });
    process.exit(1);
  };

  const backend = await startBackend(options, { send: report, die }).catch((error: unknown) => {
    return die(error instanceof Error ? error.message : String(error));
  });
  const upkeep = startUpkeep(backend, options.upkeep);

  let frames = frameMessages();
  const obey = async (order: WorkerOrder): Promise<void> => {
    if (order instanceof Uint8Array) {
      const began = performance.now();
      for (const batch of frames(order)) backend.exchange(batch);
      upkeep.afterWork(performance.now() - began);
    } else if (order === 'hang-up') {
      frames = frameMessages();
      backend.forgetSession();
      report('hung-up');
    } else if (order === 'stop') {
      await backend.stop();
      process.exit(0);
    } else {
      report({ image: packImage(await backend.stopAndRead(), order.stopWithImage.effort) });
      process.exit(0);
    }
  };
  port.on('message', (order: WorkerOrder) => {
    obey(order).catch((error: unknown) => die(`The embedded database failed: ${String(error)}`));
  });
  report('ready');
};

await serve();
