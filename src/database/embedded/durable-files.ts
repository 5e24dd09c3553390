import { NodeFS } from '@electric-sql/pglite/nodefs';

export class DurableFiles extends NodeFS {}
