import { createEngine, DivergedError } from '../engine/index.js';
import { dataFromMessage, modelFromMessage } from '../engine/internal.js';
import type { AnyTrainerConfig, ClippingConfig, Engine, Trainer } from '../engine/index.js';
import type { RequestKind, Requests, StartMessage } from './protocol.js';
import { answerTo } from './rpc.js';
import type { Request } from './rpc.js';
import { ShardExchange } from './shard-exchange.js';
import { stepTogether } from './step-together.js';

/** A replica other than the first: it does what replica 0 asks for, one request after the other. */
export function follow({ engineOptions, control, peers, ...training }: StartMessage): void {
  const exchange = new ShardExchange(peers);
  const follower = createEngine(engineOptions).then(
    async (engine) => new Follower(engine, await createTrainer(engine, training), exchange),
  );
  // Whoever asks first is told why there is none.
  follower.catch(() => undefined);
  let before: Promise<unknown> = Promise.resolve();
  control.onmessage = ({ data: { id, kind, args } }: MessageEvent<Request<Requests>>) => {
    const perform = async (): Promise<unknown> => (await follower).perform(kind, args);
    before = before.then(async () => control.postMessage(await answerTo(id, perform)));
  };
}

async function createTrainer(
  engine: Engine,
  { config, model: file, data: message }: Pick<StartMessage, 'config' | 'model' | 'data'>,
): Promise<Trainer> {
  const data = await dataFromMessage(message);
  if (file === null) return engine.createTrainer(config, data);
  return engine.scope(async (scope) =>
    engine.createTrainer(
      { ...config, model: scope.use(await modelFromMessage(engine, file)) } as AnyTrainerConfig,
      data,
    ),
  );
}

class Follower {
  constructor(
    private readonly engine: Engine,
    private readonly trainer: Trainer,
    private readonly exchange: ShardExchange,
  ) {}

  async perform(kind: RequestKind, args: Requests[RequestKind]['args']): Promise<Requests[RequestKind]['value']> {
    switch (kind) {
      case 'hello':
        return this.engine.buildInfo();
      case 'train':
        return this.#train();
      case 'rewind':
        this.trainer.rewind();
        return null;
      case 'setLearningRate':
        this.trainer.setLearningRate(args as number);
        return null;
      case 'setClipping':
        this.trainer.setClipping(args as ClippingConfig);
        return null;
      case 'fingerprint':
        return fingerprintOf(this.trainer);
      case 'saveState':
        return this.trainer.saveState();
      case 'restoreState':
        this.trainer.restoreState(args as Uint8Array);
        return null;
    }
  }

  async #train(): Promise<{ step: number }> {
    try {
      let more = true;
      while (more) ({ more } = await stepTogether(this.trainer, this.exchange, false));
    } catch (error) {
      // Replica 0 has gone back as well, and tells of it.
      if (!(error instanceof DivergedError)) throw error;
    }
    return { step: this.trainer.step };
  }
}

export function fingerprintOf(trainer: Trainer): string {
  const model = trainer.model();
  try {
    return model.fingerprint();
  } finally {
    model.delete();
  }
}
