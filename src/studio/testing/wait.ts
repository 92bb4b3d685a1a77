/** A pause of the stand-ins. */
export const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
