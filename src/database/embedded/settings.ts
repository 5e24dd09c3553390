/** `initdb`: small log segments, for a small image and a small folder. The image is synced by whoever places it. */
export const initdb = ['--wal-segsize=4', '--no-sync', '--no-instructions'];

const settings = (values: Record<string, string | number>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const common = [
  '--single',
  '-j',
  ...settings({
    search_path: 'public',
    exit_on_error: 'false',
    log_checkpoints: 'false',
    io_method: 'sync',
    max_worker_processes: 0,
    max_parallel_workers: 0,
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    // One session, no replicas: the log needs no more than crash recovery does.
    wal_level: 'minimal',
    max_wal_senders: 0,
    min_wal_size: '32MB',
    max_wal_size: '64MB',
    random_page_cost: 1.1,
  }),
];

/** Start parameters of a database that must not lose an acknowledged commit. (PGlite's `fdatasync` does nothing, its `fsync` can.) */
export const onDisk = [
  ...common,
  ...settings({ shared_buffers: '64MB', fsync: 'on', wal_sync_method: 'fsync' }),
];

/** Start parameters of a database that is thrown away. */
export const inMemory = [
  ...common,
  ...settings({ shared_buffers: '16MB', fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
];
