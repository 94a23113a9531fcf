import type { CommandModule } from './command-module.ts';

/** `samgpu doctor`: what is found on this machine. */
export const doctorCommand: CommandModule = {
  register(program, finish) {
    program
      .command('doctor')
      .summary('show what runs on this machine, and why')
      .description('Shows versions, the machine, and which backend is taken for which reason.')
      .option('--json', 'as JSON', false)
      .action(async ({ json }: { readonly json: boolean }) => {
        const { runDoctor } = await import('../doctor/run-doctor.ts');
        finish(await runDoctor(json));
      });
  },
};
