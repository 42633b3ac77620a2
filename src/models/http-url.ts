/** Whether a text looks like a web address. Addresses of apps (`weixin://…`) are none. */
export const isHttpUrl = (text: string): boolean => /^https?:\/\//i.test(text);
