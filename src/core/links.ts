/** Whether a text is a link into the network. */
export const isLink = (text: string): boolean => /^https?:\/\/[^\s/]+\/?/i.test(text);
