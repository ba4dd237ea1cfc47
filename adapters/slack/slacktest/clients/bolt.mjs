// A bot made with Bolt. It has one of everything that people can do to a bot;
// the Go test is the people.
import bolt from '@slack/bolt';

const { App, HTTPReceiver, SocketModeReceiver, LogLevel } = bolt;
const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = process.env;
const http = process.argv[2] === 'http';
const clientOptions = { slackApiUrl };
const receiver = http
  ? new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR })
  : new SocketModeReceiver({ appToken, clientOptions, installerOptions: { clientOptions }, logLevel: LogLevel.ERROR });
const app = new App({ token, receiver, clientOptions, logLevel: LogLevel.ERROR });

const plain = (text) => ({ type: 'plain_text', text });
const form = (title) => ({
  type: 'modal', callback_id: 'handoff', title: plain(title), submit: plain('Sign'), notify_on_close: true, private_metadata: '{"n":1}',
  blocks: [
    { type: 'input', block_id: 'decisions', label: plain('Decisions'), element: { type: 'plain_text_input', action_id: 'text', multiline: true } },
    {
      type: 'input', block_id: 'next', optional: true, label: plain('Next persona'),
      element: { type: 'external_select', action_id: 'persona', min_query_length: 1 },
    },
  ],
});
const card = (text) => [
  { type: 'section', block_id: 'card', text: { type: 'mrkdwn', text } },
  {
    type: 'actions', block_id: 'verbs', elements: [
      { type: 'button', action_id: 'approve', value: 'run-7', text: plain('Approve') },
      { type: 'button', action_id: 'open_form', value: 'x', text: plain('Hand off') },
      {
        type: 'static_select', action_id: 'pick', placeholder: plain('Persona'),
        options: [{ text: plain('CTO'), value: 'cto' }, { text: plain('CMO'), value: 'cmo' }],
      },
    ],
  },
];

app.command('/baton', async ({ command, ack, respond, client }) => {
  const [verb, ...rest] = command.text.split(' ');
  switch (verb) {
    case 'echo': return ack({ response_type: 'ephemeral', text: rest.join(' ') });
    case 'start':
      await ack();
      return client.chat.postMessage({
        channel: command.channel_id, text: 'started', blocks: card('started'), unfurl_links: false, unfurl_media: false,
        metadata: { event_type: 'session', event_payload: { id: 1 } },
      });
    case 'form':
      await client.views.open({ trigger_id: command.trigger_id, view: form('Hand off') });
      return ack();
    case 'respond':
      await ack();
      return respond({ text: 'later, to you alone' });
    case 'never': return undefined;
    default: return ack(`no verb ${verb}`);
  }
});
app.action('approve', async ({ ack, body, action, client }) => {
  await ack();
  await client.chat.update({
    channel: body.channel.id, ts: body.message.ts, text: `approved ${action.value}`, blocks: card(`approved ${action.value} by <${body.user.id}>`),
  });
});
app.action('pick', async ({ ack, action, respond }) => {
  await ack();
  await respond({ text: `picked ${action.selected_option.value}`, replace_original: false });
});
app.action('open_form', async ({ ack, body, client }) => {
  await ack();
  const opened = await client.views.open({ trigger_id: body.trigger_id, view: { ...form('Loading'), blocks: card('loading').slice(0, 1) } });
  await client.views.update({ view_id: opened.view.id, hash: opened.view.hash, view: form('Ready') });
});
app.view('handoff', async ({ ack, view, body, client }) => {
  const said = view.state.values.decisions.text.value;
  if (said === 'none') return ack({ response_action: 'errors', errors: { decisions: 'name one decision' } });
  if (said === 'more') return ack({ response_action: 'update', view: form('More') });
  await ack();
  return client.chat.postMessage({ channel: 'C1', text: `handed off by ${body.user.id}: ${said}` });
});
app.view({ callback_id: 'handoff', type: 'view_closed' }, async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: 'C1', text: `closed, cleared: ${body.is_cleared}` });
});
app.options('persona', async ({ ack, options }) => {
  await ack({ options: [{ text: plain(`found ${options.value}`), value: options.value }] });
});
app.event('app_mention', async ({ event, client }) => {
  await client.chat.postMessage({ channel: event.channel, thread_ts: event.thread_ts ?? event.ts, text: 'you called' });
});
app.shortcut('hand_off', async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: { ...form('From message'), private_metadata: shortcut.message.thread_ts ?? shortcut.message.ts } });
});
app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card('at home').slice(0, 1) } });
});

// Whoever started the bot holds its standard input; without them it ends.
process.stdin.on('end', () => process.exit(0)).resume();

const server = await app.start({ port: 0, host: '127.0.0.1' });
console.log(http ? `http://127.0.0.1:${server.address().port}/slack/events` : 'ready');
