/** A freshly made cluster without a table in it; saves `initdb` at the first start. Made by scripts/cluster-image.ts. */
export const emptyCluster = new URL('./embedded/cluster.tar.zst', import.meta.url);
