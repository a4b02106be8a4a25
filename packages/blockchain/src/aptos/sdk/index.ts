/** `@canza/blockchain/aptos/sdk`: the Aptos SDK over a client's own transport. A module of its own, because its types are the SDK's. */

export { openSdk, type SdkUrls } from './open-sdk.ts';
