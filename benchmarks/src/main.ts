/** `npm run bench -- SUBJECT`: see USAGE. */
import { GPU_OPTIONS_HELP, parseRequest, type Request, UsageError } from './options.ts';

const USAGE = `usage: npm run bench -- SUBJECT [options]

subjects
  nano      nano on the CPU: times, memory, size of the library
  family    the SAM family on the CPU at full size: encoders and decoders
  matte     mattes of pictures with known alpha: errors, and the time of 12 megapixels
  studio    the Studio in Chromium: clicks, previews, first load
  track     SAM 2.1 through videos on the CPU: frames with one, two and four objects, and memory
  kernels   single operations on WebGPU beside ONNX Runtime on the same adapter
  models    encoders and decoders on WebGPU beside ONNX Runtime on the same adapter
  images    pixels into an encoder and logits to masks, on WebGPU beside JavaScript
  profile   where the time of our own encoders and decoders goes, at full size
  report    writes the stored results into the READMEs
  page      serves a page that compares in your browser
  bundle    packs kernels, models and images for a Linux machine without network and Node

options
${GPU_OPTIONS_HELP}`;

async function run(request: Request): Promise<void> {
  if (request.kind === 'help') {
    console.log(USAGE);
    return;
  }
  const { subject, options } = request;
  // Subjects are loaded when asked for: measuring a CPU needs no GPU.
  switch (subject) {
    case 'nano': {
      const { benchNano } = await import('./nano.ts');
      return benchNano(options);
    }
    case 'family': {
      const { benchFamily } = await import('./family/bench-family.ts');
      return benchFamily(options);
    }
    case 'matte': {
      const { benchMatte } = await import('./matte/bench-matte.ts');
      return benchMatte(options);
    }
    case 'studio': {
      const { benchStudio } = await import('./studio/bench-studio.ts');
      return benchStudio(options);
    }
    case 'track': {
      const { benchTrack } = await import('./track/bench-track.ts');
      return benchTrack(options);
    }
    case 'profile': {
      const { benchProfile } = await import('./gpu/bench-profile.ts');
      return benchProfile(options);
    }
    case 'report': {
      const { report } = await import('./report/report.ts');
      return report();
    }
    case 'bundle': {
      const { pack } = await import('./packed/pack.ts');
      return pack();
    }
    case 'page': {
      const { servePage } = await import('./page/serve-page.ts');
      return servePage();
    }
    case 'kernels':
    case 'models':
    case 'images': {
      const { benchGpu } = await import('./gpu/bench-gpu.ts');
      return benchGpu(subject, options);
    }
  }
}

try {
  await run(parseRequest(process.argv.slice(2)));
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`bench: ${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof Error && 'code' in error && error.code === 'no-adapter') {
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
