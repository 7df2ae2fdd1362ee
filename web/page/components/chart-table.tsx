import { cursorPositions, lossesAt } from '../chart/cursor.js';
import type { ChartModel } from '../chart/model.js';
import { messages } from '../messages.js';
import { formatCount, formatLoss } from '../state/format.js';

/** The chart in numbers, for those who do not see the picture. */
export function ChartTable({ model }: { model: ChartModel }) {
  const cell = (loss: number | null): string => (loss === null ? messages.readout.none : formatLoss(loss));
  return (
    <div class="visually-hidden">
      <table>
        <caption>{messages.chart.table}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.chart.tableStep}</th>
            <th scope="col">{messages.chart.tableTrain}</th>
            <th scope="col">{messages.chart.tableVal}</th>
          </tr>
        </thead>
        <tbody>
          {cursorPositions(model).map((step) => {
            const { train, validation } = lossesAt(model, step);
            return (
              <tr key={step}>
                <th scope="row">{formatCount(step)}</th>
                <td>{cell(train)}</td>
                <td>{cell(validation)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
