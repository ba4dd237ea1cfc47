// What the bot does for each subcommand. What it found out it replies as JSON.
import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, ContainerBuilder, LabelBuilder, MessageFlags, ModalBuilder,
  StringSelectMenuBuilder, TextDisplayBuilder, TextInputBuilder, TextInputStyle, ThreadAutoArchiveDuration,
} from 'discord.js';

const codeOf = async (promise) => {
  try {
    await promise;
    return 0;
  } catch (error) {
    return error.code;
  }
};
const report = (interaction, found) => interaction.editReply(JSON.stringify(found));
const quiet = { flags: MessageFlags.SuppressEmbeds };

const row = (disabled = false) => new ActionRowBuilder().addComponents(
  new ButtonBuilder().setCustomId('v1:approve').setLabel('Approve').setStyle(ButtonStyle.Success).setDisabled(disabled),
  new ButtonBuilder().setCustomId('v1:later').setLabel('Later').setStyle(ButtonStyle.Secondary).setDisabled(disabled),
);
const menu = () => new ActionRowBuilder().addComponents(
  new StringSelectMenuBuilder().setCustomId('v1:pick').setPlaceholder('Phase').addOptions(
    { label: 'Build', value: 'build' }, { label: 'Prepare', value: 'prepare' },
  ),
);

export const doing = {
  async persona(interaction) {
    await interaction.deferReply();
    await interaction.editReply(`now ${interaction.options.getString('name')}`);
    await interaction.followUp({ content: 'two skills were loaded', flags: MessageFlags.Ephemeral });
  },

  async secret(interaction) {
    const { resource } = await interaction.reply({ content: 'for you alone', flags: MessageFlags.Ephemeral, withResponse: true });
    await interaction.followUp(`ephemeral: ${resource.message.flags.has(MessageFlags.Ephemeral)}`);
  },

  async card(interaction) {
    await interaction.reply({ content: 'Approve?', components: [row(), menu()] });
  },

  async form(interaction) {
    const text = (id, label) => new LabelBuilder().setLabel(label).setTextInputComponent(
      new TextInputBuilder().setCustomId(id).setStyle(TextInputStyle.Paragraph).setMaxLength(4000).setRequired(false));
    await interaction.showModal(new ModalBuilder().setCustomId('v1:handoff').setTitle('Hand off').addLabelComponents(
      text('decisions', 'Decisions'),
      text('open', 'Open items'),
      new LabelBuilder().setLabel('Go on?').setStringSelectMenuComponent(
        new StringSelectMenuBuilder().setCustomId('go').addOptions({ label: 'Go', value: 'go' }, { label: 'Stay', value: 'stay' })),
    ));
  },

  async oldform(interaction) {
    await interaction.showModal(new ModalBuilder().setCustomId('v1:note').setTitle('Note').addComponents(
      new ActionRowBuilder().addComponents(
        new TextInputBuilder().setCustomId('decisions').setLabel('Text').setStyle(TextInputStyle.Short))));
  },

  async threads(interaction) {
    await interaction.deferReply();
    const root = await interaction.channel.send({ content: 'the card', ...quiet });
    const thread = await root.startThread({ name: 'launch', autoArchiveDuration: ThreadAutoArchiveDuration.OneDay });
    const first = await thread.send({ content: 'phase 1', ...quiet });
    const again = await codeOf(interaction.client.rest.post(`/channels/${root.channelId}/messages/${root.id}/threads`, { body: { name: 'launch' } }));
    await thread.setArchived(true);
    const edited = await codeOf(first.edit('phase 2'));
    await thread.send({ content: 'woken', ...quiet });
    const open = (await thread.fetch()).archived === false;
    const lock = await codeOf(thread.setLocked(true));
    await report(interaction, { same: thread.id === root.id, again, edited, open, lock });
  },

  async once(interaction) {
    await interaction.deferReply();
    const send = () => interaction.channel.send({ content: 'once', nonce: 'r7.s1', enforceNonce: true, ...quiet });
    const [first, second] = [await send(), await send()];
    await report(interaction, { same: first.id === second.id });
  },

  async direct(interaction) {
    await interaction.deferReply();
    const said = await interaction.user.send({ content: 'for you alone', files: [{ attachment: Buffer.from('# Run\n'), name: 'run.md' }], ...quiet });
    const again = await interaction.user.send({
      embeds: [{ author: { name: 'startup-cto' }, description: 'I would', fields: [{ name: 'Phase', value: 'Build', inline: true }] }],
    });
    const edited = await said.edit('for you');
    const bot = await codeOf(interaction.client.user.createDM());
    await report(interaction, {
      same: said.channelId === again.channelId, direct: said.channel.isDMBased(), guild: said.guildId, edited: edited.content, files: said.attachments.size, bot,
    });
  },

  async denied(interaction) {
    await interaction.deferReply();
    const named = (name) => interaction.guild.channels.cache.find((channel) => channel.name === name);
    await report(interaction, {
      send: await codeOf(named('readonly').send('no')),
      see: await codeOf(interaction.client.rest.get(`/channels/${process.env.HIDDEN}`)),
      gone: await codeOf(interaction.channel.messages.fetch({ message: '1', force: true })),
      pin: await codeOf((await interaction.channel.send({ content: 'pin me', ...quiet })).pin()),
    });
  },

  async faces(interaction) {
    await interaction.deferReply();
    const hook = await interaction.channel.createWebhook({ name: 'personas' });
    const root = await interaction.channel.send({ content: 'under here', ...quiet });
    const thread = await root.startThread({ name: 'faces' });
    const said = await hook.send({ content: 'I would rather not', username: 'startup-cto', threadId: thread.id, ...quiet });
    const edited = await hook.editMessage(said.id, { content: 'I would', threadId: thread.id });
    const without = await codeOf(hook.editMessage(said.id, { content: 'I would not' }));
    const name = await codeOf(hook.send({ content: 'x', username: 'Discord-bot' }));
    await report(interaction, { author: said.author.username, edited: edited.content, without, name });
  },

  async layout(interaction) {
    await interaction.reply({
      flags: MessageFlags.IsComponentsV2,
      components: [
        new ContainerBuilder().setAccentColor(0x00aaff)
          .addTextDisplayComponents(new TextDisplayBuilder().setContent('# Phase 1')).addActionRowComponents(row()),
      ],
    });
  },

  async file(interaction) {
    await interaction.reply({ content: 'the run', files: [{ attachment: Buffer.from('# Run\n'), name: 'run.md', description: 'a run' }] });
  },

  async history(interaction) {
    await interaction.deferReply();
    const sent = [];
    for (const n of [1, 2, 3]) sent.push(await interaction.channel.send({ content: `no ${n}`, ...quiet }));
    const after = await interaction.channel.messages.fetch({ after: sent[0].id, limit: 1, cache: false });
    const before = await interaction.channel.messages.fetch({ before: sent[2].id, limit: 1, cache: false });
    await sent[2].delete();
    await report(interaction, { after: after.first().content, before: before.first().content });
  },
};

export const pressed = async (interaction) => {
  if (interaction.isStringSelectMenu()) {
    await interaction.reply({ content: `picked ${interaction.values.join()}`, flags: MessageFlags.Ephemeral });
  } else if (interaction.customId === 'v1:later') {
    await interaction.deferUpdate();
    await interaction.followUp({ content: 'later, then', flags: MessageFlags.Ephemeral });
  } else {
    await interaction.update({ content: `approved by ${interaction.user.username}`, components: [row(true)] });
  }
};

export const submitted = async (interaction) => {
  const said = { decisions: interaction.fields.getTextInputValue('decisions') };
  if (interaction.customId === 'v1:handoff') said.go = interaction.fields.getStringSelectValues('go');
  await interaction.reply({ content: JSON.stringify(said) });
};
