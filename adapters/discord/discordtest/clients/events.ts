// The events of the gateway that the fake sends, as discord-api-types describes
// them. A schema is made of this; see TestEventsAreAsDescribed. RESUMED is left
// out: its content is described as none, and is not.
import type {
  GatewayChannelCreateDispatch, GatewayChannelDeleteDispatch, GatewayChannelPinsUpdateDispatch, GatewayChannelUpdateDispatch,
  GatewayGuildCreateDispatch, GatewayGuildDeleteDispatch, GatewayGuildMemberUpdateDispatch, GatewayInteractionCreateDispatch,
  GatewayMessageCreateDispatch, GatewayMessageDeleteDispatch, GatewayMessageUpdateDispatch, GatewayReadyDispatch,
  GatewayThreadCreateDispatch, GatewayThreadDeleteDispatch, GatewayThreadMembersUpdateDispatch,
  GatewayThreadUpdateDispatch, GatewayTypingStartDispatch,
} from 'discord-api-types/v10';

export interface Events {
  CHANNEL_CREATE: GatewayChannelCreateDispatch;
  CHANNEL_DELETE: GatewayChannelDeleteDispatch;
  CHANNEL_PINS_UPDATE: GatewayChannelPinsUpdateDispatch;
  CHANNEL_UPDATE: GatewayChannelUpdateDispatch;
  GUILD_CREATE: GatewayGuildCreateDispatch;
  GUILD_DELETE: GatewayGuildDeleteDispatch;
  GUILD_MEMBER_UPDATE: GatewayGuildMemberUpdateDispatch;
  INTERACTION_CREATE: GatewayInteractionCreateDispatch;
  MESSAGE_CREATE: GatewayMessageCreateDispatch;
  MESSAGE_DELETE: GatewayMessageDeleteDispatch;
  MESSAGE_UPDATE: GatewayMessageUpdateDispatch;
  READY: GatewayReadyDispatch;
  THREAD_CREATE: GatewayThreadCreateDispatch;
  THREAD_DELETE: GatewayThreadDeleteDispatch;
  THREAD_MEMBERS_UPDATE: GatewayThreadMembersUpdateDispatch;
  THREAD_UPDATE: GatewayThreadUpdateDispatch;
  TYPING_START: GatewayTypingStartDispatch;
}
