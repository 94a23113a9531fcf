// The eight pixels of software.wgsl, which all four invocations read.

struct Windows {
  w0: Window,
  w1: Window,
  w2: Window,
  w3: Window,
  w4: Window,
  w5: Window,
  w6: Window,
  w7: Window,
}

struct Taps {
  t0: Tap,
  t1: Tap,
  t2: Tap,
  t3: Tap,
  t4: Tap,
  t5: Tap,
  t6: Tap,
  t7: Tap,
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
  let last = PIXELS - 1;
  return Windows(
    window_of(min(pixel, last)),
    window_of(min(pixel + 1, last)),
    window_of(min(pixel + 2, last)),
    window_of(min(pixel + 3, last)),
    window_of(min(pixel + 4, last)),
    window_of(min(pixel + 5, last)),
    window_of(min(pixel + 6, last)),
    window_of(min(pixel + 7, last)),
  );
}

fn taps_of(windows: Windows, ky: u32, kx: u32) -> Taps {
  return Taps(
    tap_of(windows.w0, ky, kx),
    tap_of(windows.w1, ky, kx),
    tap_of(windows.w2, ky, kx),
    tap_of(windows.w3, ky, kx),
    tap_of(windows.w4, ky, kx),
    tap_of(windows.w5, ky, kx),
    tap_of(windows.w6, ky, kx),
    tap_of(windows.w7, ky, kx),
  );
}

fn load_pixels(taps: Taps, channel: u32) -> Pixels {
  return Pixels(
    load_tap(taps.t0, channel),
    load_tap(taps.t1, channel),
    load_tap(taps.t2, channel),
    load_tap(taps.t3, channel),
    load_tap(taps.t4, channel),
    load_tap(taps.t5, channel),
    load_tap(taps.t6, channel),
    load_tap(taps.t7, channel),
  );
}
