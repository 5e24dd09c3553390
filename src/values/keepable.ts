/**
 * Whether PostgreSQL can keep a text exactly: it has no NUL, and a lone surrogate has no UTF-8. Whatever comes from outside is asked
 * this before it goes into a query.
 */
export const isKeepable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
