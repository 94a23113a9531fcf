import { withErrorScopes } from '../device/error-scopes.ts';
import { BUFFER_USAGE } from '../device/gpu-constants.ts';

/** A program's share of the arenas. */
export interface ArenaClaim {
  /** Bytes of each arena that the program needs, in its own order. */
  readonly sizes: readonly number[];
  /** The buffers to use now, in the same order. They change when `version` does. */
  buffers(): readonly GPUBuffer[];
  release(): void;
}

/**
 * Memory for intermediate values, shared by all programs of a device.
 *
 * A device runs what it is given in order, so programs never need their intermediate values at the
 * same time: all of them together take as much as the largest.
 */
export class SharedArenas {
  private readonly device: GPUDevice;
  private readonly claims = new Set<ArenaClaim>();
  /** The largest first. */
  private current: GPUBuffer[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  /** Changes whenever buffers are replaced. */
  version = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  get bytes(): number {
    return this.current.reduce((sum, { size }) => sum + size, 0);
  }

  /** @throws WebGpuError `out-of-memory` */
  claim(sizes: readonly number[], label: string): Promise<ArenaClaim> {
    const claim = this.turn.then(() => this.grow(sizes, label));
    // One after another: a claim that fails must not take away what another has been promised.
    this.turn = claim.catch(() => undefined);
    return claim;
  }

  dispose(): void {
    this.current.forEach((buffer) => buffer.destroy());
    this.current = [];
  }

  private async grow(sizes: readonly number[], label: string): Promise<ArenaClaim> {
    // The program's largest arena is in the largest buffer, and so on.
    const order = sizes.map((_, index) => index).sort((a, b) => sizes[b]! - sizes[a]!);
    const wanted = order.map((index) => sizes[index]!);
    const isSmall = wanted.map((bytes, rank) => bytes > (this.current[rank]?.size ?? 0));
    const missing = wanted.reduce((sum, bytes, rank) => sum + (isSmall[rank] ? bytes : 0), 0);
    const grown = await withErrorScopes(
      this.device,
      `the memory for intermediate values of "${label}"`,
      missing,
      () =>
        wanted.map((bytes, rank) =>
          isSmall[rank]
            ? this.device.createBuffer({
                label: `arena ${rank}`,
                size: bytes,
                usage:
                  BUFFER_USAGE.storage | BUFFER_USAGE.copySource | BUFFER_USAGE.copyDestination,
              })
            : undefined,
        ),
    );
    for (const [rank, buffer] of grown.entries()) {
      if (buffer !== undefined) {
        // What was submitted with the old one still runs.
        this.current[rank]?.destroy();
        this.current[rank] = buffer;
        this.version++;
      }
    }
    const ranks = sizes.map((_, index) => order.indexOf(index));
    const claim: ArenaClaim = {
      sizes,
      buffers: () => ranks.map((rank) => this.current[rank]!),
      release: () => this.release(claim),
    };
    this.claims.add(claim);
    return claim;
  }

  private release(claim: ArenaClaim): void {
    this.claims.delete(claim);
    if (this.claims.size === 0) {
      this.dispose();
    }
  }
}
