"""Full training steps of a character language model in PyTorch, to be timed beside Unroll.

For each line on standard input, a JSON object with cell, hidden, batch, seq, layers, vocab and seconds, it trains for so
many seconds of CPU time and prints the characters per CPU second:

    npm run bench -- --against "python3 tests/bench/torch_lm.py"

One-hot input, nn.LSTM / GRU / RNN, nn.Linear, cross-entropy, clip_grad_norm_(5), Adam(2e-3), carried state: the step that
Unroll times. On processors that an older OpenBLAS does not know, OPENBLAS_CORETYPE=Sapphirerapids gives it AVX-512.
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


class Training:
    """A model in training on random text; step() makes one update."""

    def __init__(self, cell, hidden, batch, seq, layers, vocab):
        torch.manual_seed(1)
        self.seq, self.batch, self.vocab = seq, batch, vocab
        kinds = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
        self.rnn = kinds[cell](vocab, hidden, layers)
        self.head = nn.Linear(hidden, vocab)
        self.parameters = [*self.rnn.parameters(), *self.head.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, lr=2e-3)
        self.text = torch.randint(vocab, (8 * seq + 1, batch))
        self.state = None
        self.chunk = 0

    def step(self):
        start = self.chunk * self.seq
        self.chunk = (self.chunk + 1) % 8
        inputs = nn.functional.one_hot(self.text[start : start + self.seq], self.vocab).float()
        targets = self.text[start + 1 : start + self.seq + 1]
        output, state = self.rnn(inputs, self.state)
        self.state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = nn.functional.cross_entropy(self.head(output).reshape(-1, self.vocab), targets.reshape(-1))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 5.0)
        self.optimizer.step()
        return self.seq * self.batch


trainings = {}
for line in sys.stdin:
    request = json.loads(line)
    seconds = request.pop("seconds")
    key = json.dumps(request, sort_keys=True)
    if key not in trainings:
        trainings = {key: Training(**request)}
        trainings[key].step()
    start = time.process_time()
    characters = 0
    while True:
        characters += trainings[key].step()
        elapsed = time.process_time() - start
        if elapsed >= seconds:
            break
    print(characters / elapsed, flush=True)
