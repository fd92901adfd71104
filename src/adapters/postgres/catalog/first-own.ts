/** The first number that the server gives to what is made after `initdb`. */
export const firstOwn = 16384;
