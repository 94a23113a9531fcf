// The eight pixels of software.wgsl, of which each of four invocations reads two: reading from memory
// is the dear part, as a software adapter does it lane by lane. Wants subgroups of 4.

struct Windows {
  low: Window,
  high: Window,
}

struct Taps {
  low: Tap,
  high: Tap,
}

struct Pixels {
  p0: vec4f,
  p1: vec4f,
  p2: vec4f,
  p3: vec4f,
  p4: vec4f,
  p5: vec4f,
  p6: vec4f,
  p7: vec4f,
}

fn windows_of(pixel: u32, invocation: u32) -> Windows {
  let own = pixel + invocation;
  return Windows(window_of(min(own, PIXELS - 1)), window_of(min(own + 4, PIXELS - 1)));
}

fn taps_of(windows: Windows, ky: u32, kx: u32) -> Taps {
  return Taps(tap_of(windows.low, ky, kx), tap_of(windows.high, ky, kx));
}

fn load_pixels(taps: Taps, channel: u32) -> Pixels {
  let low = load_tap(taps.low, channel);
  let high = load_tap(taps.high, channel);
  return Pixels(
    subgroupBroadcast(low, 0),
    subgroupBroadcast(low, 1),
    subgroupBroadcast(low, 2),
    subgroupBroadcast(low, 3),
    subgroupBroadcast(high, 0),
    subgroupBroadcast(high, 1),
    subgroupBroadcast(high, 2),
    subgroupBroadcast(high, 3),
  );
}
