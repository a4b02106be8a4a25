import type { MMOBridge } from '@canza/mobile-money';

/** A web app that hands callbacks to the bridge. */
export interface WebApp {
  /** Where operators reach it, without a slash at the end. */
  readonly callbackUrl: string;
  close(): Promise<void>;
}

/** Starts one. The bridge comes as a function, because it is made with the address that the app gets. */
export type StartWebApp = (bridge: () => MMOBridge) => Promise<WebApp>;
