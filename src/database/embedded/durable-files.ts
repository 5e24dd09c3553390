import { fdatasyncSync, fsyncSync, mkdirSync, writeFileSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import type { PGlite } from '@electric-sql/pglite';

/** The parts of Emscripten's file system that are touched here; its published types leave them out. */
interface Stream {
  nfd: number;
  node: Node;
}
interface Node {
  name: string;
  parent: Node;
  mode: number;
}
interface Attributes {
  mode?: number;
}
interface NodeFiles {
  createNode: (parent: Node, name: string, mode: number, device: number) => Node;
  realPath: (node: Node) => string;
  tryFSOperation: <Result>(work: () => Result) => Result;
  node_ops: {
    mknod: (parent: Node, name: string, mode: number, device: number) => Node;
    setattr: (node: Node, attributes: Attributes) => void;
  };
  stream_ops: {
    write: (stream: Stream, buffer: Uint8Array, offset: number, length: number, position: number) => number;
    setattr: (stream: Stream, attributes: Attributes) => void;
    fsync?: (stream: Stream) => number;
  };
}
interface ErrnoErrors {
  isDir: (mode: number) => boolean;
  ErrnoError: new (errno: number) => Error;
}

/** What has happened to the write-ahead log so far, for the test that acknowledgements come after it is on disk. */
export interface LogProbe {
  /** Writes to the log that no fsync has followed yet. */
  unsyncedWrites: number;
  syncs: number;
}

/** `EIO` of Emscripten: PostgreSQL panics on it, as it must when a write may not have reached the disk. */
const inputOutputError = 29;
const groupAndOthers = 0o077;

/**
 * The folder of the cluster as PostgreSQL sees it, with the two things missing from PGlite's own: fsync reaches the disk, and
 * what is created is readable by the owner alone. (PGlite answers fsync with success and does nothing.)
 */
export class DurableFiles extends NodeFS {
  readonly probe: LogProbe = { unsyncedWrites: 0, syncs: 0 };

  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { probe } = this;
    const amend = (module: PGlite['Module']) => {
      const files = module.NODEFS as unknown as NodeFiles;
      const { isDir, ErrnoError } = module.FS as unknown as ErrnoErrors;
      const { write } = files.stream_ops;

      files.stream_ops.write = (stream, buffer, offset, length, position) => {
        if (stream.node.parent.name === 'pg_wal') probe.unsyncedWrites++;
        return write(stream, buffer, offset, length, position);
      };
      files.stream_ops.fsync = (stream) => {
        try {
          // For a file, data and size are what must survive; fdatasync leaves out only the times. A folder needs all.
          if (isDir(stream.node.mode)) syncFolder(stream.nfd);
          else fdatasyncSync(stream.nfd);
        } catch {
          throw new ErrnoError(inputOutputError);
        }
        if (stream.node.parent.name === 'pg_wal') {
          probe.unsyncedWrites = 0;
          probe.syncs++;
        }
        return 0;
      };
      files.node_ops.mknod = (parent, name, mode, device) => {
        const node = files.createNode(parent, name, mode & ~groupAndOthers, device);
        const path = files.realPath(node);
        files.tryFSOperation(() => {
          if (isDir(node.mode)) mkdirSync(path, 0o700);
          else writeFileSync(path, '', { mode: 0o600 });
        });
        return node;
      };
      // Emscripten sets the mode again after creating a file.
      const { setattr } = files.node_ops;
      files.node_ops.setattr = (node, attributes) => setattr(node, forOwner(attributes));
      const { setattr: setattrOfOpen } = files.stream_ops;
      files.stream_ops.setattr = (stream, attributes) => setattrOfOpen(stream, forOwner(attributes));
    };
    return super.init(pglite, { ...options, preRun: [...(options.preRun ?? []), amend] });
  }
}

/** Windows cannot open a folder for syncing, and its file systems journal names by themselves. */
const syncFolder = (descriptor: number) => {
  if (process.platform !== 'win32') fsyncSync(descriptor);
};

const forOwner = (attributes: Attributes): Attributes =>
  attributes.mode === undefined ? attributes : { ...attributes, mode: attributes.mode & ~groupAndOthers };
