import type { Logger } from '../environment.ts';

/** A line that was logged. */
export interface RecordedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A logger that can be asked what it was told. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly RecordedLine[];
}

/** A logger that keeps its lines, to be searched for what must not be in them. */
export function createRecordingLogger(): RecordingLogger {
  const lines: RecordedLine[] = [];
  const at =
    (level: RecordedLine['level']) =>
    (fields: object, message: string): void =>
      void lines.push({ level, fields, message });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
