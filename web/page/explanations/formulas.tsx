/** The formulas behind the numbers, in MathML, with the reader's own values put in where there are some. */

/** L = -1/N sum ln p(next character | what came before) */
export function LossFormula() {
  return (
    <math display="block">
      <mi>L</mi>
      <mo>=</mo>
      <mo>−</mo>
      <mfrac>
        <mn>1</mn>
        <mi>N</mi>
      </mfrac>
      <munderover>
        <mo>∑</mo>
        <mrow>
          <mi>t</mi>
          <mo>=</mo>
          <mn>1</mn>
        </mrow>
        <mi>N</mi>
      </munderover>
      <mi>ln</mi>
      <mo>⁡</mo>
      <mi>p</mi>
      <mo>(</mo>
      <msub>
        <mi>x</mi>
        <mrow>
          <mi>t</mi>
          <mo>+</mo>
          <mn>1</mn>
        </mrow>
      </msub>
      <mo>|</mo>
      <msub>
        <mi>x</mi>
        <mn>1</mn>
      </msub>
      <mo>,</mo>
      <mo>…</mo>
      <mo>,</mo>
      <msub>
        <mi>x</mi>
        <mi>t</mi>
      </msub>
      <mo>)</mo>
    </math>
  );
}

/** e^loss = perplexity */
export function ExpFormula({ exponent, value }: { exponent: string; value: string }) {
  return (
    <math display="block">
      <msup>
        <mi>e</mi>
        <mi>L</mi>
      </msup>
      <mo>=</mo>
      <msup>
        <mi>e</mi>
        <mn>{exponent}</mn>
      </msup>
      <mo>=</mo>
      <mn>{value}</mn>
    </math>
  );
}

/** ln V */
export function UniformFormula({ vocabSize, value }: { vocabSize: string; value: string }) {
  return (
    <math display="block">
      <mi>ln</mi>
      <mo>⁡</mo>
      <mi>V</mi>
      <mo>=</mo>
      <mi>ln</mi>
      <mo>⁡</mo>
      <mn>{vocabSize}</mn>
      <mo>=</mo>
      <mn>{value}</mn>
    </math>
  );
}

/** steps x B x T / seconds */
export function SpeedFormula({ charsPerStep }: { charsPerStep: string }) {
  return (
    <math display="block">
      <mfrac>
        <mrow>
          <mtext>steps</mtext>
          <mo>×</mo>
          <mn>{charsPerStep}</mn>
        </mrow>
        <mtext>seconds</mtext>
      </mfrac>
    </math>
  );
}

/** steps x B x T / speed, and what it comes to */
export function TimeFormula({ steps, charsPerStep, time }: { steps: string; charsPerStep: string; time: string }) {
  return (
    <math display="block">
      <mfrac>
        <mrow>
          <mn>{steps}</mn>
          <mo>×</mo>
          <mn>{charsPerStep}</mn>
        </mrow>
        <mtext>characters a second</mtext>
      </mfrac>
      <mo>+</mo>
      <mtext>readings</mtext>
      <mo>≈</mo>
      <mtext>{time}</mtext>
    </math>
  );
}

/** p_i = exp(z_i / temperature) / sum over j of the same */
export function TemperatureFormula({ temperature }: { temperature: string }) {
  return (
    <math display="block">
      <msub>
        <mi>p</mi>
        <mi>i</mi>
      </msub>
      <mo>=</mo>
      <mfrac>
        <PowerOfScore index="i" temperature={temperature} />
        <mrow>
          <msub>
            <mo>∑</mo>
            <mi>j</mi>
          </msub>
          <PowerOfScore index="j" temperature={temperature} />
        </mrow>
      </mfrac>
    </math>
  );
}

function PowerOfScore({ index, temperature }: { index: string; temperature: string }) {
  return (
    <msup>
      <mi>e</mi>
      <mrow>
        <msub>
          <mi>z</mi>
          <mi>{index}</mi>
        </msub>
        <mo>/</mo>
        <mn>{temperature}</mn>
      </mrow>
    </msup>
  );
}
