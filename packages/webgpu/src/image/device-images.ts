import type { ProgramOwner } from '../runtime/webgpu-program.ts';
import type { WebGpuValue } from '../runtime/webgpu-value.ts';
import { DeviceImage } from './device-image.ts';
import type { DeviceMask } from './device-mask.ts';
import { canEnlarge, enlargeMasks, type MaskEnlargement } from './enlarge-mask.ts';
import { type ExternalImage, importExternal, importTexture } from './import-texture.ts';
import {
  canResample,
  type HostImage,
  type ImageResampling,
  resampleImage,
} from './resample-image.ts';

/** What a backend does with photographs. */
export interface DeviceImages {
  /**
   * Copies a texture: later changes to it do not show.
   *
   * Values are taken as they are displayed, from 0 to 1 with straight alpha. Formats: 8 bits in RGBA
   * or BGRA order (`-srgb` too), `rgb10a2unorm`, `rgba16float`, `rgba32float`.
   *
   * @throws WebGpuError `image` for a texture of another device or one that cannot be read
   */
  fromTexture(texture: GPUTexture): Promise<DeviceImage>;
  /**
   * Copies an image of the browser without a detour through the memory of JavaScript.
   *
   * @throws WebGpuError `image` where the browser refuses
   */
  fromExternal(
    source: ExternalImage,
    size: { readonly width: number; readonly height: number },
  ): Promise<DeviceImage>;
  /** Whether the limits of the device let it resample such an image. */
  canResample(
    size: { readonly width: number; readonly height: number },
    how: ImageResampling,
  ): Promise<boolean>;
  /**
   * The input of an encoder, `[1, size, size, 3]`, on the device and owned by the caller.
   *
   * @throws WebGpuError `device-lost`; the image is gone with the device if it was on it
   */
  resample(image: DeviceImage | HostImage, how: ImageResampling): Promise<WebGpuValue>;
  /** Whether the limits of the device let it hold a mask of such an image. */
  canEnlarge(size: { readonly width: number; readonly height: number }): Promise<boolean>;
  /**
   * Masks of the size of the image, on the device and owned by the caller.
   *
   * Sums are f32: a pixel can differ from one computed in f64 where its logit is within a few f32
   * steps, of the largest logit, from the threshold.
   *
   * @param indices - of the masks in the logits, `[..., logitHeight, logitWidth]`
   */
  enlarge(
    logits: WebGpuValue,
    indices: readonly number[],
    how: MaskEnlargement,
  ): Promise<DeviceMask[]>;
}

export class GpuImages implements DeviceImages {
  readonly #owner: ProgramOwner;

  constructor(owner: ProgramOwner) {
    this.#owner = owner;
  }

  async fromTexture(texture: GPUTexture): Promise<DeviceImage> {
    return importTexture(await this.#owner.liveState(), texture);
  }

  async fromExternal(
    source: ExternalImage,
    size: { readonly width: number; readonly height: number },
  ): Promise<DeviceImage> {
    return importExternal(await this.#owner.liveState(), source, size);
  }

  async canResample(
    size: { readonly width: number; readonly height: number },
    how: ImageResampling,
  ): Promise<boolean> {
    return canResample(await this.#owner.liveState(), size, how);
  }

  async resample(image: DeviceImage | HostImage, how: ImageResampling): Promise<WebGpuValue> {
    const state = image instanceof DeviceImage ? image.state : await this.#owner.liveState();
    return resampleImage(state, image, how);
  }

  async canEnlarge(size: { readonly width: number; readonly height: number }): Promise<boolean> {
    return canEnlarge(await this.#owner.liveState(), size);
  }

  async enlarge(
    logits: WebGpuValue,
    indices: readonly number[],
    how: MaskEnlargement,
  ): Promise<DeviceMask[]> {
    return enlargeMasks(logits, indices, how);
  }
}
