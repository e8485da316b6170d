/** `sluice evidence …`. */
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { checkpoint, exportSession, verify } from './evidence.ts';
import { examples } from './help.ts';
import { keygen, openSealed } from './open-sealed.ts';
import { collect, parseCount, parseNotedHead, parseStatement } from './parse-options.ts';

export function addEvidence(evidence: Command, add: Add, act: Act): void {
  add(
    evidence,
    'verify <path>',
    'check a log’s directory, a session bundle, a checkpoint or a proof, without a gateway',
  )
    .option('--key <vkey>', 'verifier key of a log or a witness that you trust; repeat it', collect, [])
    .option('--witnesses <n>', 'how many of the known witnesses have to have cosigned', parseCount)
    .option(
      '--anchor <path>',
      'checkpoints that were kept elsewhere, which the log has to hold; repeat it',
      collect,
      [],
    )
    .option('--older <file>', 'the older checkpoint of a proof of consistency')
    .option('--head <entries:hash>', 'a head that was noted elsewhere and has to be in the log', parseNotedHead)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sluice evidence verify /var/lib/sluice/evidence --anchor /mnt/auditors/checkpoints',
        'sluice evidence verify c_1234.sluice-bundle --key sluice/0001…+87e7b609+AYqI… --key w1+df1c0a35+BIE5… --witnesses 1',
      ),
    )
    .action(act(verify));
  add(evidence, 'export <session>', 'a session with its proofs in one file that a stranger can check')
    .option('--out <file>', 'where to write it; SESSION.sluice-bundle unless given')
    .option('--json', 'as JSON')
    .action(act(exportSession));
  add(evidence, 'keygen', 'a key pair for an auditor, who opens what statements said')
    .option('--out <file>', 'where the private key goes')
    .action(act(keygen));
  add(
    evidence,
    'open <session>',
    'what the statements of a session said, with the literals that the record holds sealed',
  )
    .option('--key <file>', 'the private key of an auditor, as `evidence keygen` wrote it')
    .option('--reason <text>', 'why, recorded before the gateway hands anything out')
    .option('--statement <n>', 'only this statement', parseStatement)
    .option('--keep-keys <file>', 'keep the wrapped key of the session, to open its bundle offline')
    .option('--keys <file>', 'a wrapped key that was kept: open a bundle in a file, without a gateway')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        "sluice evidence open c_1234 --key anna.pem --reason 'case 4711'",
        'sluice evidence open c_1234.sluice-bundle --keys c_1234.keys --key anna.pem',
      ),
    )
    .action(act(openSealed));
  add(evidence, 'checkpoint', 'the newest signed checkpoint of the record')
    .option('--out <file>', 'keep it, to hold the gateway to it')
    .option('--since <file>', 'an older checkpoint: prove that the record continues it')
    .option('--key <vkey>', 'verifier key of the log; repeat it', collect, [])
    .option('--json', 'as JSON')
    .action(act(checkpoint));
}
