// Makes src/database/embedded/cluster.tar.zst, the empty cluster a new store starts from. Run it after every change of PGlite's version.
import { writeFileSync } from 'node:fs';
import { dumpImage } from '#database/embedded/image.ts';
import { emptyCluster } from '#database/empty-cluster.ts';

writeFileSync(emptyCluster, await dumpImage(async () => undefined, { effort: 22 }));
