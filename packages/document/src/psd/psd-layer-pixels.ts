import { type Box, type RgbaImage, toRgbaImage } from '@samgpu/mask';
import type { Layer, LayerMaskData, LayerRawDataChannel } from 'ag-psd';

import { intersectBoxes } from '../boxes.ts';
import { copyPixels } from '../copy-pixels.ts';
import type { AlphaArea } from '../object-from-alpha.ts';
import { type Budget, checkSize, type ReadLimits } from '../limits.ts';
import { alphaChannel, maskChannel } from './psd-channels.ts';
import { readChannel, type ChannelForm } from './read-channel.ts';

/** How pixels lie in a document. */
export interface PsdForm extends ChannelForm {
  readonly isGrey: boolean;
  readonly canvas: Box;
}

/** The pixels of a layer, read when they are asked for. */
export class PsdLayerPixels {
  readonly box: Box;
  readonly #layer: Layer;
  readonly #form: PsdForm;
  readonly #budget: Budget;

  /** @throws DocumentError `too-large` */
  constructor(layer: Layer, form: PsdForm, limits: ReadLimits, budget: Budget) {
    this.box = boxOf(layer);
    this.#layer = layer;
    this.#form = form;
    this.#budget = budget;
    for (const box of [this.box, this.maskBox]) {
      if (box !== undefined && box.width > 0 && box.height > 0) {
        checkSize(`The layer ${JSON.stringify(layer.name ?? '')}`, box.width, box.height, limits);
      }
    }
  }

  /** Where the layer's mask lies; undefined without one that is in use. */
  get maskBox(): Box | undefined {
    const { mask } = this.#layer;
    return mask === undefined || mask.disabled === true ? undefined : boxOf(mask, this.box);
  }

  /** The whole document. */
  get canvas(): Box {
    return this.#form.canvas;
  }

  get isEmpty(): boolean {
    return this.box.width === 0 || this.box.height === 0;
  }

  /**
   * How much of the layer shows where, from its transparency and its mask.
   *
   * @throws DocumentError `damaged` or `too-large`
   */
  async coverage(): Promise<AlphaArea> {
    const { canvas } = this.#form;
    const { maskBox } = this;
    const outside = this.#layer.mask?.defaultColor ?? 0;
    // A layer without pixels, such as an adjustment, shows where its mask says.
    const shown = this.isEmpty ? canvas : intersectBoxes(this.box, canvas);
    const box = maskBox === undefined || outside !== 0 ? shown : intersectBoxes(shown, maskBox);
    const alpha = this.isEmpty
      ? new Uint8Array(box.width * box.height).fill(255)
      : await this.#within(box, this.#channel(alphaChannel), this.box, 0, 255);
    if (maskBox === undefined) return { box, alpha };
    const mask = await this.#within(box, this.#channel(maskChannel), maskBox, outside, outside);
    for (let i = 0; i < alpha.length; i++) alpha[i] = Math.round((alpha[i]! * mask[i]!) / 255);
    return { box, alpha };
  }

  /** Whether all pixels of the document are the layer's, fully. */
  async coversAll(): Promise<boolean> {
    const { canvas } = this.#form;
    const shared = intersectBoxes(this.box, canvas);
    if (shared.width < canvas.width || shared.height < canvas.height) return false;
    if (this.maskBox !== undefined) return false;
    const channel = this.#channel(alphaChannel);
    return (
      channel === undefined || (await this.#read(channel, this.box)).every((level) => level === 255)
    );
  }

  /** The layer's colours within a box of the document, its own transparency, not its mask. */
  async colors(box: Box): Promise<RgbaImage> {
    const { isGrey } = this.#form;
    const pixels = new Uint8ClampedArray(box.width * box.height * 4);
    for (const [to, id] of [
      [0, 0],
      [1, isGrey ? 0 : 1],
      [2, isGrey ? 0 : 2],
      [3, alphaChannel],
    ] as const) {
      const channel = this.#channel(id);
      const samples = channel === undefined ? undefined : await this.#read(channel, this.box);
      const shared = intersectBoxes(box, this.box);
      for (let y = shared.y; y < shared.y + shared.height; y++) {
        const from = (y - this.box.y) * this.box.width - this.box.x;
        const row = (y - box.y) * box.width - box.x;
        for (let x = shared.x; x < shared.x + shared.width; x++) {
          pixels[(row + x) * 4 + to] = samples?.[from + x] ?? (to === 3 ? 255 : 0);
        }
      }
    }
    return toRgbaImage(pixels, box);
  }

  #channel(id: number): LayerRawDataChannel | undefined {
    return this.#layer.rawData?.channels.find((channel) => (channel.id as number) === id);
  }

  async #read(channel: LayerRawDataChannel, box: Box): Promise<Uint8Array> {
    this.#budget.take((box.width * box.height * this.#form.depth) / 8);
    return readChannel(channel, box, this.#form);
  }

  /**
   * The levels of a channel within a box of the document.
   *
   * @param box - of the document
   * @param place - where the channel lies in the document
   * @param full - the level in that place where there is no such channel
   */
  async #within(
    box: Box,
    channel: LayerRawDataChannel | undefined,
    place: Box,
    outside: number,
    full: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    this.#budget.take(box.width * box.height);
    const levels = new Uint8Array(box.width * box.height).fill(outside);
    const shared = intersectBoxes(place, box);
    if (shared.width === 0 || shared.height === 0) return levels;
    if (channel !== undefined) {
      return copyPixels(await this.#read(channel, place), place, levels, box);
    }
    for (let y = shared.y; y < shared.y + shared.height; y++) {
      const to = (y - box.y) * box.width + shared.x - box.x;
      levels.fill(full, to, to + shared.width);
    }
    return levels;
  }
}

function boxOf(
  { left = 0, top = 0, right = 0, bottom = 0, positionRelativeToLayer }: Layer & LayerMaskData,
  layer: Pick<Box, 'x' | 'y'> = { x: 0, y: 0 },
): Box {
  const [x, y] = positionRelativeToLayer === true ? [layer.x, layer.y] : [0, 0];
  return { x: x + left, y: y + top, width: right - left, height: bottom - top };
}
