// Schema of [edit event-options]: generated events, policies and event scripts (junos.md 5).

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block } from './statement.ts';
import { choice, flags, integer, NAME, START_TIME, text, TEXT, traceoptions } from './schema-types.ts';
import type { ValueType } from './value-types.ts';

const TIME_OF_DAY: ValueType = {
  is: 'string', min: 5, max: 14, pattern: /^\d{1,2}:\d{2}:\d{2}( ?[+-]\d{4})?$/, refusal: "Must be a time of day 'hh:mm:ss'",
};
const SCRIPT: ValueType = { is: 'string', min: 1, max: 254, pattern: /^[^/]+$/, refusal: "Must not contain '/'" };
const RETRY: Block = { retry: leaf(integer(0, 10), { elided: true }), 'retry-interval': leaf(integer(0, 4_294_967_295)) };

const OUTPUT: Block = {
  'user-name': leaf(NAME),
  'output-filename': leaf(TEXT),
  destination: list(NAME, { 'transfer-delay': leaf(integer(0, 4_294_967_295)), 'retry-count': container(RETRY) }),
  'output-format': leaf(choice('text', 'xml')),
};

const THEN: Block = {
  ignore: flag,
  'priority-override': container({
    facility: leaf(TEXT),
    severity: leaf(choice('emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info')),
  }),
  'change-configuration': container({
    retry: container({ count: leaf(integer(0, 10)), interval: leaf(integer(0, 4_294_967_295)) }),
    commands: list(TEXT, {}, { grouped: true }),
    'user-name': leaf(NAME),
    'commit-options': container({
      check: container({ synchronize: flag }, { presence: true }),
      ...flags('synchronize', 'force'), log: leaf(text(1, 512)),
    }),
  }),
  'execute-commands': container({ commands: list(TEXT, {}, { grouped: true }), ...OUTPUT }),
  'event-script': list(SCRIPT, {
    arguments: list(TEXT, { value: leaf(TEXT, { elided: true }) }, { grouped: true, oneLine: true }),
    ...OUTPUT,
  }),
  'raise-trap': flag,
};

const EVENT_LIST = leafList(TEXT);

export const EVENT_OPTIONS: Block = {
  'max-policies': leaf(integer(0, 20)),
  'generate-event': list(
    text(1, 63),
    {
      'time-of-day': leaf(TIME_OF_DAY),
      'time-interval': leaf(integer(60, 2_592_000)),
      'start-time': leaf(START_TIME),
      'no-drift': flag,
    },
    { grouped: true, oneLine: true, most: 10 },
  ),
  policy: list(text(1, 63), {
    events: EVENT_LIST,
    within: list(integer(1, 604_800), {
      trigger: container({ ...flags('until', 'on', 'after'), count: leaf(integer(0, 4_294_967_295), { elided: true }) }, { oneLine: true }),
      events: EVENT_LIST,
      not: container({ events: EVENT_LIST }),
    }),
    then: container(THEN),
  }),
  destinations: list(text(1, 63), {
    'transfer-delay': leaf(integer(0, 4_294_967_295)),
    'archive-sites': list(TEXT, { password: leaf({ is: 'secret', max: 126 }) }, { grouped: true, oneLine: true }),
  }, { grouped: true }),
  'event-script': container({
    file: list(SCRIPT, {
      'python-script-user': leaf(NAME),
      dampen: container({
        'dampen-options': container({
          'cpu-factor': leaf(integer(0, 100)), 'line-interval': leaf(integer(0, 4_294_967_295)),
          'time-interval': leaf(integer(0, 4_294_967_295)),
        }),
      }),
      source: leaf(TEXT),
      'cert-file': leaf(TEXT),
      'routing-instance': leaf(NAME),
      refresh: flag,
      'refresh-from': leaf(TEXT),
      checksum: container({ 'sha-256': leaf(TEXT) }),
    }),
    traceoptions: traceoptions('events', 'input', 'offline', 'output', 'rpc', 'xslt'),
    'max-datasize': leaf(TEXT),
    refresh: flag,
    'refresh-from': leaf(TEXT),
  }),
  traceoptions: traceoptions('configuration', 'database', 'events', 'policy', 'server', 'syslogd', 'timer-events'),
};
