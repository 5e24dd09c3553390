/** A noun with the article that its sound wants, like "a task" and "an invoice"; for the nouns of Stint, of which "user" alone only looks like a vowel. */
export const withArticle = (noun: string): string => `${/^(?!user)[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
