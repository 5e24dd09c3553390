/** A number with its noun, like "1 time entry" and "2 time entries"; `many` where the plural is more than an s. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A number of time entries in words. */
export const countedEntries = (count: number): string => counted(count, 'time entry', 'time entries');
