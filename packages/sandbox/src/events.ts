/** Something an emulator did, for people who watch and for comparing two runs. Numbers of phones are masked in it. */
export interface SandboxEvent {
  readonly atMs: number;
  /** Name of the emulator, such as `mpesa`. */
  readonly emulator: string;
  readonly what:
    | 'request'
    | 'reply'
    | 'fault'
    | 'prompt'
    | 'result'
    | 'callback'
    /** The emulator itself did something wrong. */
    | 'defect';
  readonly detail: string;
}

/** Hears what happens in an emulator. */
export type EventListener = (event: SandboxEvent) => void;
