/** East Africa Time, UTC+3 all year: the zone of every M-PESA stamp. Source: docs/providers/mpesa.md#times */
const OFFSET_MS = 3 * 60 * 60 * 1000;

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly time: string;
  readonly millisecond: string;
}

function partsOf(atMs: number): Parts {
  const text = new Date(atMs + OFFSET_MS).toISOString();
  return {
    year: text.slice(0, 4),
    month: text.slice(5, 7),
    day: text.slice(8, 10),
    time: text.slice(11, 13) + text.slice(14, 16) + text.slice(17, 19),
    millisecond: text.slice(20, 23),
  };
}

/** `20191219102115` */
export function compactStamp(atMs: number): string {
  const { year, month, day, time } = partsOf(atMs);
  return year + month + day + time;
}

/** `20240706` */
export const compactDate = (atMs: number): string => compactStamp(atMs).slice(0, 8);

/** `100720240915261` and so on: day first, with milliseconds, as checkout request ids have it. */
export function dayFirstStamp(atMs: number): string {
  const { year, month, day, time, millisecond } = partsOf(atMs);
  return day + month + year + time + millisecond;
}

/** Whether 14 digits `yyyyMMddHHmmss` are a moment of the calendar. */
export function isCompactStamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(value);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const atMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return compactStamp(atMs - OFFSET_MS) === value;
}

/** Which calendar day a moment falls on, counted in days. */
export const eastAfricaDay = (atMs: number): number => Math.floor((atMs + OFFSET_MS) / (24 * 60 * 60 * 1000));

/** `06.07.2024 22:48:52` */
export function displayStamp(atMs: number): string {
  const { year, month, day, time } = partsOf(atMs);
  return `${day}.${month}.${year} ${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
}

/** Reads `2020-08-05 10:13:00`; `undefined` for anything else. */
export function readSpacedStamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value)) return undefined;
  const atMs = Date.parse(`${value.replace(' ', 'T')}Z`);
  return Number.isNaN(atMs) ? undefined : atMs - OFFSET_MS;
}

/** `2020-08-05T10:13:00Z`, which is East African time with a Z that does not belong there, or UTC. */
export const isoStamp = (atMs: number, zone: 'east-africa' | 'utc'): string =>
  `${new Date(zone === 'utc' ? atMs : atMs + OFFSET_MS).toISOString().slice(0, 19)}Z`;
