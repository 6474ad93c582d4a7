package libsales;

import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Streams of what is fetched when it is asked for. */
final class Streams {
  private Streams() {}

  /** Gives what `next` gives, until that is null. */
  static <T> Stream<T> of(Supplier<T> next, Runnable close) {
    var items =
        new AbstractSpliterator<T>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super T> action) {
            T item = next.get();
            if (item == null) {
              return false;
            }
            action.accept(item);
            return true;
          }
        };
    return StreamSupport.stream(items, false).onClose(close);
  }
}
