// A bot on discord.js that does what a test's people ask of it. It tells what
// happens to it as lines of JSON and ends when its standard input does.
import { Client, Events, GatewayIntentBits, MessageFlags } from 'discord.js';
import { commands } from './commands.mjs';
import { doing, pressed, submitted } from './doing.mjs';

const tell = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
  rest: { api: `${process.env.BASE}/api` },
  allowedMentions: { parse: [] },
});

client.once(Events.ClientReady, async () => {
  const set = await client.application.commands.set(commands);
  tell('ready', { name: client.user.username, guilds: client.guilds.cache.size, commands: set.size });
});
client.on(Events.ShardResume, (_, replayed) => tell('resumed', { replayed }));
client.on(Events.ShardReady, () => tell('session'));
client.on(Events.Error, (error) => tell('error', { text: String(error) }));
client.on(Events.ThreadUpdate, (was, now) => tell('thread', { archived: now.archived, locked: now.locked }));
client.on(Events.MessageDelete, (message) => tell('deleted', { id: message.id }));
client.on(Events.MessageCreate, (message) => {
  if (!message.author.bot) tell('message', { content: message.content, mentioned: message.mentions.has(client.user) });
});

client.on(Events.InteractionCreate, async (interaction) => {
  try {
    if (interaction.isAutocomplete()) {
      const typed = interaction.options.getFocused();
      const all = ['startup-cto', 'startup-cfo', 'growth-marketer'].filter((name) => name.startsWith(typed));
      await interaction.respond(all.map((name) => ({ name, value: name })));
    } else if (interaction.isChatInputCommand()) {
      await doing[interaction.options.getSubcommand()](interaction);
    } else if (interaction.isMessageContextMenuCommand()) {
      await interaction.reply({ content: `recorded: ${interaction.targetMessage.content}`, flags: MessageFlags.Ephemeral });
    } else if (interaction.isButton() || interaction.isStringSelectMenu()) {
      await pressed(interaction);
    } else if (interaction.isModalSubmit()) {
      await submitted(interaction);
    }
  } catch (error) {
    tell('failed', { code: error.code, status: error.status, text: String(error) });
  }
});

process.stdin.on('end', async () => {
  await client.destroy();
  process.exit(0);
});
process.stdin.resume();

try {
  await client.login(process.env.TOKEN);
} catch (error) {
  tell('refused', { code: error.code, text: String(error) });
  process.exit(3);
}
