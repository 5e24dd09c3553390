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
    // One process, no replicas: the log needs no more than crash recovery does.
    wal_level: 'minimal',
    max_wal_senders: 0,
    random_page_cost: 1.1,
  }),
];

/** Start parameters for a database that must not lose an acknowledged commit. `fdatasync` does nothing in PGlite. */
export const onDisk = [...common, ...settings({ fsync: 'on', wal_sync_method: 'fsync' })];

/** Start parameters for a database that is thrown away. */
export const inMemory = [
  ...common,
  '-F',
  ...settings({ full_page_writes: 'off', synchronous_commit: 'off' }),
];

function settings(values: Record<string, string | number>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
