/** What Redis would reply as an error; named as ioredis names it. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}
