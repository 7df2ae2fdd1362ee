import type { TakenStep, Trainer } from '../engine/index.js';
import type { ShardExchange } from './shard-exchange.js';

/**
 * One step of this replica, at the same time as all others.
 *
 * @param more whether another one follows, if this is replica 0; the answer is what replica 0 said
 * @throws DivergedError in all replicas alike
 */
export async function stepTogether(
  trainer: Trainer,
  exchange: ShardExchange,
  more: boolean,
): Promise<{ taken: TakenStep; more: boolean }> {
  const traded = await exchange.trade(trainer.shardGradients(exchange.own), more);
  return { taken: trainer.applyGradients(traded.replicas), more: traded.more };
}
