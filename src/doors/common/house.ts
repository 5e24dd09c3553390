import type { Config } from '#config.ts';
import type { House } from '#operation/run.ts';

/** What a door is given: the house and its configuration. */
export interface DoorHouse extends House {
  readonly config: Config;
}
