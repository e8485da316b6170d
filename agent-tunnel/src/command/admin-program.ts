/** `sluice admin …`: for those who keep the gateway. */
import type { Command } from 'commander';
import type { Act, Add } from './act.ts';
import { declareFunction, type FunctionsOptions, listFunctions } from './admin-functions.ts';
import { addHold, listHolds, removeHold } from './admin-holds.ts';
import { listLabelChanges, revertLabels } from './admin-labels.ts';
import { examples } from './help.ts';

export function addAdmin(admin: Command, add: Add, act: Act): void {
  addFunctions(admin, add, act);
  addLabels(admin, add, act);
  addHolds(add(admin, 'hold', 'what is kept beyond its retention'), add, act);
}

function addFunctions(admin: Command, add: Add, act: Act): void {
  add(admin, 'functions <resource>', 'the functions of a database: how each is judged, and why')
    .option('--built-ins', 'with those of the server itself')
    .option('--refused', 'only those that are refused')
    .option('--declare <signature>', 'print what declares this function in the configuration')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'sluice admin functions orders-db --refused',
        "sluice admin functions orders-db --declare 'reporting.total(integer)'",
      ),
    )
    .action(
      act((cli, resource: string, options: FunctionsOptions & { readonly declare?: string }) =>
        options.declare === undefined
          ? listFunctions(cli, resource, options)
          : declareFunction(cli, resource, options.declare),
      ),
    );
}

function addLabels(admin: Command, add: Add, act: Act): void {
  add(admin, 'labels <resource>', 'labels that followed the values of approved statements')
    .option('--revert <change>', 'take the labels of this change back: the values are not there any more')
    .option('--note <text>', 'why they are taken back, recorded')
    .option('--json', 'as JSON')
    .action(
      act((cli, resource: string, options: { revert?: string; note?: string; json?: boolean }) =>
        options.revert === undefined
          ? listLabelChanges(cli, resource, options)
          : revertLabels(cli, resource, options.revert, options),
      ),
    );
}

function addHolds(hold: Command, add: Add, act: Act): void {
  add(hold, 'ls', 'legal holds that are in force')
    .option('--all', 'also those that were lifted')
    .option('--json', 'as JSON')
    .action(act(listHolds));
  add(hold, 'add <kind> <which>', 'keep a session, or all sessions of a principal or a resource, from expiring')
    .option('--reason <text>', 'why, recorded')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        "sluice admin hold add session c_1234 --reason 'case 4711'",
        "sluice admin hold add principal 'https://idp.example.com|anna' --reason 'case 4711'",
      ),
    )
    .action(act(addHold));
  add(hold, 'remove <hold>', 'lift one: what it covered expires when its time is over')
    .option('--reason <text>', 'why, recorded')
    .option('--json', 'as JSON')
    .action(act(removeHold));
}
