/** The first number that the server gives to an object made after `initdb`. */
export const firstOwn = 16384;
