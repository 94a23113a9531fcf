import type { CommandModule } from './command-module.ts';
import { convertCommand } from './convert.ts';
import { doctorCommand } from './doctor.ts';
import { everythingCommand } from './everything.ts';
import { exportCommand } from './export.ts';
import { modelsCommand } from './models.ts';
import { segmentCommand } from './segment.ts';
import { startCommand } from './start.ts';
import { textCommand } from './text.ts';
import { trackCommand } from './track.ts';
import { tuneCommand } from './tune.ts';

/** All subcommands, in the order of the help. */
export const commandModules: readonly CommandModule[] = [
  segmentCommand,
  everythingCommand,
  textCommand,
  trackCommand,
  modelsCommand,
  convertCommand,
  exportCommand,
  doctorCommand,
  tuneCommand,
  startCommand,
];
