import type { AnyOption, CompiledMenu, CompiledScreen } from './compile.ts';
import { clean, cleanData, type LoadedData } from './loaded-data.ts';
import type { Branch, PaymentTemplate, Phrases, Target } from './menu.ts';
import { canGoBack, canGoHome, isOffered, pageOf, pagesOf } from './render.ts';
import { type Answers, popTrail, pushTrail, type SessionState } from './state.ts';
import type { Dialled, Effect, EndStep, LoadStep, ScreenStep, Step } from './steps.ts';
import { clip, foldToGsm7 } from './text/gsm7.ts';
import { paginate } from './text/pages.ts';
import { fillTemplate, parseTemplate } from './text/template.ts';

/*
 * The pure step: (menu, session, entry) → (session, screen, effects). Nothing is shared between two sessions but the menu,
 * which never changes, so no screen can show what belongs to another.
 */

/** What stands above the first screen leaves room for an option on its page. */
const LONGEST_BANNER = 60;
/** Wrong entries in a row that end a session. */
const MOST_MISSES = 3;
const NO_ANSWERS: Answers = {};
const NO_EFFECTS: readonly Effect[] = [];

/** The first screen of somebody who dials. */
export function begin(compiled: CompiledMenu, dialled: Dialled): Step {
  const { language, phone, network = '', notice = 'none', banner } = dialled;
  const hasRoom = compiled.screens.get(compiled.menu.start)?.source.kind === 'choice';
  return show(
    compiled,
    {
      at: compiled.menu.start,
      language: compiled.languages.includes(language) ? language : (compiled.languages[0] ?? ''),
      page: 0,
      misses: 0,
      notice,
      answers: NO_ANSWERS,
      trail: '',
      depth: 0,
      phone,
      network,
      ...(banner === undefined || !hasRoom ? {} : { banner: clip(foldToGsm7(clean(banner)), LONGEST_BANNER) }),
    },
    undefined,
  );
}

/** Asks whether to go on where an earlier session stopped; nothing of it is shown before the payer agrees. */
export function offerResume(compiled: CompiledMenu, draft: SessionState, dialled: Dialled): ScreenStep {
  const begun = begin(compiled, dialled).state;
  return ask(compiled, { ...begun, draft, notice: 'none' });
}

/** One entry. */
export function step(compiled: CompiledMenu, state: SessionState, entry: string): Step {
  if (state.draft !== undefined) return answerResume(compiled, state, state.draft, entry);
  const screen = compiled.screens.get(state.at);
  if (screen === undefined) return begin(compiled, { ...afresh(state), notice: 'restarted' });
  const option = screen.options.get(entry);
  if (option !== undefined && isOffered(option, state)) return choose(compiled, screen, state, option);
  return (
    navigate(compiled, screen, state, entry) ??
    answer(compiled, screen, state, entry) ??
    miss(compiled, state, redisplay)
  );
}

/** An entry that cannot mean anything on any screen, because it is too long. */
export const misread = (compiled: CompiledMenu, state: SessionState): Step =>
  miss(compiled, state, state.draft === undefined ? redisplay : ask);

/** Goes on with the data that a {@link LoadStep} asked for; `undefined` when it could not be had. */
export function supply(compiled: CompiledMenu, waiting: LoadStep, data: LoadedData | undefined): Step {
  const { state, previous } = waiting;
  const screen = compiled.screens.get(state.at);
  if (data === undefined || screen === undefined) {
    if (previous === undefined) return close(compiled, state, 'failed', 'unavailable');
    return redisplay(compiled, { ...previous, page: 0, notice: 'unavailable' });
  }
  const loaded = { ...state, data: cleanData(data) };
  if (screen.source.kind === 'list' && loaded.data.items.length === 0) {
    return show(compiled, { ...state, at: screen.source.empty }, previous);
  }
  return display(compiled, screen, loaded);
}

/** Whether the next part of a dialled `*384*1*2#` may answer the screen that is due: never one that confirms. */
export function mayBeDialled(compiled: CompiledMenu, state: SessionState): boolean {
  const source = compiled.screens.get(state.at)?.source;
  return source !== undefined && source.kind !== 'confirm' && source.kind !== 'end' && source.deepLink !== false;
}

function choose(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState, option: AnyOption): Step {
  const language = option.language ?? state.language;
  const from = language === state.language ? state : { ...state, language };
  if (option.set === undefined) return move(compiled, screen, from, option.to, state.answers, []);
  const answers = { ...state.answers, ...option.set } as Answers;
  return move(compiled, screen, from, option.to, answers, Object.keys(option.set));
}

function navigate(
  compiled: CompiledMenu,
  screen: CompiledScreen,
  state: SessionState,
  entry: string,
): Step | undefined {
  const { keys } = compiled;
  if (entry === keys.back) {
    if (state.page > 0) return redisplay(compiled, { ...state, page: state.page - 1, misses: 0 });
    return canGoBack(screen, state) ? goBack(compiled, state) : undefined;
  }
  if (entry === keys.home) return canGoHome(screen, state) ? begin(compiled, afresh(state)) : undefined;
  if (entry === keys.more && state.page + 1 < pagesOf(compiled, screen, state).length) {
    return redisplay(compiled, { ...state, page: state.page + 1, misses: 0 });
  }
  return undefined;
}

function goBack(compiled: CompiledMenu, state: SessionState): Step {
  const popped = popTrail(state.trail, state.answers);
  if (popped === undefined) return begin(compiled, afresh(state));
  return show(
    compiled,
    {
      ...withoutData(state),
      at: popped.screen,
      page: 0,
      misses: 0,
      notice: 'none',
      answers: popped.answers,
      trail: popped.trail,
      depth: state.depth - 1,
    },
    state,
  );
}

/** What an entry means to the screen itself; `undefined` when it means nothing. */
function answer(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState, entry: string): Step | undefined {
  const { source } = screen;
  switch (source.kind) {
    case 'input': {
      const read = source.input.safeParse(entry);
      if (!read.success) return undefined;
      const answers = withAnswer(state.answers, source.field, clean(read.data));
      return move(compiled, screen, state, source.to, answers, [source.field]);
    }
    case 'list': {
      const item = /^[1-9]\d?$/.test(entry) ? state.data?.items[Number(entry) - 1] : undefined;
      if (item === undefined) return undefined;
      const picked = withAnswer(state.answers, source.field, item.value);
      if (source.labelField === undefined) return move(compiled, screen, state, source.to, picked, [source.field]);
      const named = withAnswer(picked, source.labelField, item.label);
      return move(compiled, screen, state, source.to, named, [source.field, source.labelField]);
    }
    case 'confirm':
      if (entry === '1') return move(compiled, screen, state, source.yes, state.answers, []);
      return entry === '2' ? move(compiled, screen, state, source.no, state.answers, []) : undefined;
    case 'choice':
    case 'end':
      break;
  }
  return undefined;
}

/** A copy with one more: copying and then setting is several times faster than a literal with a computed key. */
function withAnswer(answers: Answers, field: string, value: string): Answers {
  const next: Record<string, string> = { ...answers };
  next[field] = value;
  return next;
}

function move(
  compiled: CompiledMenu,
  from: CompiledScreen,
  state: SessionState,
  to: Target<string, string>,
  answers: Answers,
  changed: readonly string[],
): Step {
  const at = typeof to === 'string' ? to : caseOf(to, answers[to.by]);
  return show(
    compiled,
    {
      at,
      language: state.language,
      page: 0,
      misses: 0,
      notice: 'none',
      answers,
      trail: pushTrail(state.trail, from.name, state.answers, changed),
      depth: state.depth + 1,
      phone: state.phone,
      network: state.network,
    },
    state,
  );
}

/** What a payer entered is not to be taken for what an object inherits. */
const caseOf = ({ cases, otherwise }: Branch<string, string>, value = ''): string =>
  (Object.hasOwn(cases, value) ? cases[value] : undefined) ?? otherwise;

/** Shows the screen at which a state stands, or asks for its data first. */
function show(compiled: CompiledMenu, state: SessionState, previous: SessionState | undefined): Step {
  const screen = compiled.screens.get(state.at);
  if (screen === undefined) return close(compiled, state, 'failed', 'unavailable');
  const { load } = screen.source;
  return load === undefined ? display(compiled, screen, state) : { kind: 'load', load, state, previous };
}

function display(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): Step {
  const text = pageOf(compiled, screen, state);
  if (screen.source.kind !== 'end') return { kind: 'screen', state, text };
  return {
    kind: 'end',
    state,
    text,
    reason: 'finished',
    effects: screen.source.pay === undefined ? NO_EFFECTS : [payEffect(screen.name, screen.source.pay, state)],
  };
}

const afresh = ({ language, phone, network }: SessionState): Dialled => ({ language, phone, network });

/** The same screen once more, with the data that it has. */
function redisplay(compiled: CompiledMenu, state: SessionState): Step {
  if (state.draft !== undefined) return ask(compiled, state);
  const screen = compiled.screens.get(state.at);
  return screen === undefined ? close(compiled, state, 'failed', 'unavailable') : display(compiled, screen, state);
}

type AskAgain = (compiled: CompiledMenu, state: SessionState) => Step;

function miss(compiled: CompiledMenu, state: SessionState, again: AskAgain): Step {
  const misses = state.misses + 1;
  if (misses >= MOST_MISSES) return close(compiled, { ...state, misses }, 'tooManyWrong', 'too-many-wrong');
  return again(compiled, { ...state, misses, page: 0, notice: 'wrong' });
}

function ask(compiled: CompiledMenu, state: SessionState): ScreenStep {
  const phrase = compiled.phrases[state.language] as Phrases;
  const [text = ''] = paginate({
    body: state.notice === 'wrong' ? `${phrase.wrong}\n${phrase.resumeQuestion}` : phrase.resumeQuestion,
    lines: [`1. ${phrase.resumeYes}`, `2. ${phrase.resumeNo}`],
    navigation: () => '',
    limit: compiled.limit,
  });
  return { kind: 'screen', state, text };
}

function answerResume(compiled: CompiledMenu, state: SessionState, draft: SessionState, entry: string): Step {
  if (entry === '2') return begin(compiled, afresh(state));
  if (entry !== '1') return miss(compiled, state, ask);
  const { phone, network } = state;
  if (!compiled.screens.has(draft.at)) return begin(compiled, { ...afresh(state), notice: 'restarted' });
  return redisplay(compiled, { ...draft, phone, network, page: 0, misses: 0, notice: 'none' });
}

function close(
  compiled: CompiledMenu,
  state: SessionState,
  phrase: 'failed' | 'tooManyWrong',
  reason: EndStep['reason'],
): EndStep {
  return { kind: 'end', state, text: closingText(compiled, state.language, phrase), reason, effects: NO_EFFECTS };
}

/** A closing phrase in the payer's language, cut to one screen. */
export function closingText(compiled: CompiledMenu, language: string, phrase: keyof Phrases): string {
  const phrases = compiled.phrases[language] ?? compiled.phrases[compiled.languages[0] ?? ''];
  return paginate({ body: phrases?.[phrase] ?? '', lines: [], navigation: () => '', limit: compiled.limit })[0] ?? '';
}

function payEffect(name: string, payment: PaymentTemplate, state: SessionState): Effect {
  const fill = (text: string): string =>
    fillTemplate(parseTemplate(text), (field) =>
      field === 'phone' ? state.phone : (state.data?.values[field] ?? state.answers[field] ?? ''),
    );
  return {
    kind: 'pay',
    step: name,
    payment: {
      ...payment,
      amount: fill(payment.amount),
      currency: fill(payment.currency),
      phoneNumber: fill(payment.phoneNumber),
      description: fill(payment.description),
      ...(payment.accountReference === undefined ? {} : { accountReference: fill(payment.accountReference) }),
    },
  };
}

function withoutData(state: SessionState): SessionState {
  if (state.data === undefined && state.banner === undefined) return state;
  const { data: _data, banner: _banner, ...rest } = state;
  return rest;
}
