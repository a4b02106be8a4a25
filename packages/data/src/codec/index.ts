export { type Codec, type CodecOptions, type CompressionOptions, createCodec } from './codec.ts';
export type { CompressionName } from './compressions.ts';
export { type UnreadableBecause, UnreadableValueError } from './errors.ts';
export { plainText } from './plain.ts';
export type { Serializer, SerializerName } from './serializers.ts';
