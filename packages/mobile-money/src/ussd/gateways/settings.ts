import { SCREEN_LIMITS, type ScreenLimit } from '../text/gsm7.ts';
import { type Authenticity, type AuthenticitySettings, createAuthenticity } from './authenticity.ts';

/** What every gateway may be told. */
export interface GatewaySettings {
  readonly authenticity?: AuthenticitySettings;
  /** Default 160 septets or 80 characters, which no gateway that we know cuts. */
  readonly screen?: ScreenLimit;
}

/** @throws ConfigError naming the field. */
export const parseSettings = ({
  authenticity,
  screen = SCREEN_LIMITS.standard,
}: GatewaySettings): { readonly authenticity: Authenticity; readonly screen: ScreenLimit } => ({
  authenticity: createAuthenticity(authenticity),
  screen,
});
