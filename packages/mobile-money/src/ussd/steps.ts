import type { PaymentTemplate } from './menu.ts';
import type { Notice, SessionState } from './state.ts';

/** What one step leads to. */
export type Step = ScreenStep | EndStep | LoadStep;

/** A screen that waits for an entry. */
export interface ScreenStep {
  readonly kind: 'screen';
  readonly state: SessionState;
  readonly text: string;
}

/** The closing screen. */
export interface EndStep {
  readonly kind: 'end';
  readonly state: SessionState;
  readonly text: string;
  readonly reason: 'finished' | 'too-many-wrong' | 'unavailable';
  readonly effects: readonly Effect[];
}

/** The next screen needs data: bring it to {@link supply}. */
export interface LoadStep {
  readonly kind: 'load';
  readonly load: string;
  readonly state: SessionState;
  /** Where the payer stands if the data cannot be had. */
  readonly previous: SessionState | undefined;
}

/** What has to happen once the closing screen is out. */
export interface Effect {
  readonly kind: 'pay';
  /** The screen that asked for it: with the session it makes the payment's id. */
  readonly step: string;
  readonly payment: PaymentTemplate;
}

/** Who dials. */
export interface Dialled {
  readonly language: string;
  readonly phone: string;
  readonly network?: string;
  readonly notice?: Notice;
  /** Shown above the first screen where that is a choice; a prompt has no room for it. */
  readonly banner?: string;
}
