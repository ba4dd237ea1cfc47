// The least bot that answers a command, made with Bolt: what it is told it keeps
// in memory. Benchmarks measure against it.
import bolt from '@slack/bolt';

const { App, SocketModeReceiver, LogLevel } = bolt;
const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken } = process.env;
const clientOptions = { slackApiUrl };
const receiver = new SocketModeReceiver({ appToken, clientOptions, installerOptions: { clientOptions }, logLevel: LogLevel.ERROR });
const app = new App({ token, receiver, clientOptions, logLevel: LogLevel.ERROR });

const personas = new Map();
app.command('/baton', async ({ command, ack }) => {
  const name = command.text.slice('persona '.length);
  personas.set(command.channel_id, name);
  await ack({ response_type: 'in_channel', text: `Sessions in this channel think as ${name} from now on.` });
});

// Whoever started the bot holds its standard input; without them it ends.
process.stdin.on('end', () => process.exit(0)).resume();
await app.start();
