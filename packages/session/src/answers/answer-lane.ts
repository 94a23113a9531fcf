import type { Size } from '@samgpu/mask';

import type { Candidate, Engine } from '../engine/engine.ts';
import type { EngineCapabilities } from '../engine/model-description.ts';
import type { Position, SessionPrompt } from '../prompts/session-prompt.ts';
import { type PreviousAnswer, segmentRequest } from '../prompts/segment-request.ts';
import { asSessionError, type SessionError } from '../session-error.ts';
import type { Hover } from '../snapshot.ts';

/** An encoded image and what its model understands. */
export interface AnswerTarget extends Size {
  readonly picture: string;
  readonly capabilities: EngineCapabilities;
}

/** What a model said to prompts. */
export interface Answer {
  readonly prompts: readonly SessionPrompt[];
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** The candidate that the person settled on: its logits go with the next prompt. */
  chosen: number;
}

type Prompts = readonly SessionPrompt[];

/** A hovered position is a click that is not made yet. */
export interface HoverPoint extends Position {
  readonly label?: 'include' | 'exclude';
}

export interface LaneListener {
  changed(): void;
  failed(error: SessionError): void;
  /** Whether there will be an image to ask about, or an end of waiting for it (`giveUp`). */
  isTargetComing(): boolean;
}

/** Answers whose logits may be fed back; older ones are far down the history. */
const REMEMBERED = 64;

/**
 * Keeps the answer to the current prompts, and a preview of the next click, up to date.
 *
 * Of requests for prompts only the newest counts; what they supersede is aborted and, should it
 * answer all the same, dropped. Previews come after everything else: one is in flight, the latest
 * position waits, and a click aborts them.
 */
export class AnswerLane {
  readonly #engine: Engine;
  readonly #listener: LaneListener;
  #target: AnswerTarget | null = null;
  #prompts: Prompts = [];
  #chosen = 0;
  #answers = new WeakMap<Prompts, Answer>();
  #recent: Answer[] = [];
  #shown: Answer | undefined;
  #isAnswered = true;
  #asking: AbortController | null = null;
  #waiters: (() => void)[] = [];
  #hoverWanted: HoverPoint | null = null;
  #hovering: { readonly controller: AbortController; readonly point: HoverPoint } | null = null;
  #hovered: Hover | null = null;

  constructor(engine: Engine, listener: LaneListener) {
    this.#engine = engine;
    this.#listener = listener;
  }

  /** Whether the answer to the current prompts is still to come. */
  get pending(): boolean {
    return !this.#isAnswered;
  }

  /** Whether there is an image to ask about. */
  get hasTarget(): boolean {
    return this.#target !== null;
  }

  /** The answer to the current prompts; while that is awaited, the latest one. */
  get shown(): Answer | undefined {
    return this.#shown;
  }

  get prompts(): Prompts {
    return this.#prompts;
  }

  get hovered(): Hover | null {
    return this.#hovered;
  }

  /** Another image or model: nothing that was said before counts any longer. */
  retarget(target: AnswerTarget | null): void {
    this.#target = target;
    this.#answers = new WeakMap();
    this.#recent = [];
    this.#dropHover();
    this.#start();
  }

  /**
   * Makes these the current prompts.
   *
   * @param chosen - the candidate to take of their answer
   */
  ask(prompts: Prompts, chosen: number): void {
    this.#chosen = chosen;
    if (prompts === this.#prompts) {
      if (this.#shown?.prompts === prompts) this.#shown.chosen = this.#chosenOf(this.#shown);
      return;
    }
    this.#prompts = prompts;
    this.#dropHover();
    this.#start();
  }

  /** Asks again after a failure. */
  retry(): void {
    if (!this.#answers.has(this.#prompts)) this.#start();
  }

  /** Nobody will answer, until there is another image to ask about. */
  giveUp(): void {
    this.#asking?.abort();
    this.#asking = null;
    this.#shown = undefined;
    this.#settle();
  }

  /** Resolves when nothing is pending. */
  answered(): Promise<void> {
    return this.#isAnswered
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#waiters.push(resolve);
        });
  }

  hover(point: HoverPoint | null): void {
    this.#hoverWanted = point;
    if (point === null) {
      this.#dropHover();
    } else {
      this.#pumpHover();
    }
  }

  #start(): void {
    this.#asking?.abort();
    this.#asking = null;
    const prompts = this.#prompts;
    const known = prompts.length === 0 ? undefined : this.#known(prompts);
    if (prompts.length === 0 || known !== undefined) {
      this.#show(known);
      this.#settle();
      return;
    }
    if (this.#target !== null) {
      this.#isAnswered = false;
      void this.#request(prompts, this.#target);
    } else if (this.#listener.isTargetComing()) {
      this.#isAnswered = false;
    } else {
      this.giveUp();
    }
  }

  #known(prompts: Prompts): Answer | undefined {
    const known = this.#answers.get(prompts);
    const [only] = prompts;
    if (known !== undefined || prompts.length !== 1 || only?.kind !== 'mask') {
      return known;
    }
    // A mask by itself is its own answer, until something is said against it.
    return this.#remember(prompts, [{ mask: only.mask, kind: 'single' }]);
  }

  async #request(prompts: Prompts, target: AnswerTarget): Promise<void> {
    const controller = new AbortController();
    this.#asking = controller;
    const isCurrent = (): boolean => this.#asking === controller;
    try {
      const candidates = await this.#candidates(prompts, target, controller.signal);
      if (isCurrent()) this.#show(this.#remember(prompts, candidates));
    } catch (error) {
      if (!isCurrent()) return;
      this.#shown = undefined;
      this.#listener.failed(asSessionError(error));
    }
    if (isCurrent()) {
      this.#asking = null;
      this.#settle();
    }
  }

  async #candidates(
    prompts: Prompts,
    target: AnswerTarget,
    signal: AbortSignal,
  ): Promise<readonly Candidate[]> {
    const previous = this.#previous(prompts);
    const request = segmentRequest(prompts, target, target.capabilities, previous);
    const reply = await this.#engine.segment(target.picture, request, { signal });
    return reply.candidates;
  }

  /** Of the longest answered list of prompts that the given ones go on from. */
  #previous(prompts: Prompts): PreviousAnswer | undefined {
    let best: Answer | undefined;
    for (const answer of this.#recent) {
      const { length } = answer.prompts;
      const isPrefix =
        length < prompts.length && answer.prompts.every((one, i) => one === prompts[i]);
      if (isPrefix && length > (best?.prompts.length ?? 0)) best = answer;
    }
    const mask = best?.candidates[best.chosen]?.mask;
    return best && mask && { count: best.prompts.length, mask };
  }

  #remember(prompts: Prompts, candidates: readonly Candidate[]): Answer {
    const answer: Answer = { prompts, candidates, chosen: 0 };
    this.#answers.set(prompts, answer);
    this.#recent = [...this.#recent.slice(1 - REMEMBERED), answer];
    return answer;
  }

  #show(answer: Answer | undefined): void {
    this.#shown = answer;
    if (answer) answer.chosen = this.#chosenOf(answer);
  }

  #chosenOf({ candidates }: Answer): number {
    return Math.min(this.#chosen, candidates.length - 1);
  }

  #settle(): void {
    this.#isAnswered = true;
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#listener.changed();
    waiters.forEach((resolve) => resolve());
    this.#pumpHover();
  }

  #dropHover(): void {
    this.#hovering?.controller.abort();
    if (this.#hovered !== null) {
      this.#hovered = null;
      this.#listener.changed();
    }
  }

  #pumpHover(): void {
    const [point, target] = [this.#hoverWanted, this.#target];
    if (this.#hovering !== null || point === null || target === null || this.#asking !== null) {
      return;
    }
    const { x, y } = point;
    if (!(x >= 0 && y >= 0 && x < target.width && y < target.height)) {
      this.#dropHover();
      return;
    }
    const shown = this.#hovered?.point;
    if (shown?.x !== x || shown.y !== y) void this.#preview(point, target);
  }

  async #preview(point: HoverPoint, target: AnswerTarget): Promise<void> {
    const prompts = this.#prompts;
    const controller = new AbortController();
    this.#hovering = { controller, point };
    const { x, y, label = 'include' } = point;
    const withClick: Prompts = [...prompts, { id: 'hover', kind: 'point', x, y, label }];
    let isOver = false;
    try {
      const [best] = await this.#candidates(withClick, target, controller.signal);
      if (!controller.signal.aborted && this.#hoverWanted !== null && best !== undefined) {
        this.#hovered = { point: { x, y }, mask: best.mask };
        this.#listener.changed();
      }
    } catch (error) {
      // A preview that fails is no reason to disturb anybody; the click would say why.
      isOver = !controller.signal.aborted;
      void error;
    }
    this.#hovering = null;
    if (isOver && this.#hoverWanted === point) this.#hoverWanted = null;
    this.#pumpHover();
  }
}
