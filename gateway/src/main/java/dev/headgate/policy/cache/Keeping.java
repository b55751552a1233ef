package dev.headgate.policy.cache;

import dev.headgate.exchange.Body;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Puts what a {@link Fill} brings into the store when all of it has come. */
final class Keeping implements Arrival.Keeper {
  private static final String DOOMED = "doomed";

  private final Fill fill;
  private final CacheStore store;
  private final Head kept;
  private final Growing content;
  private final Body source;
  private @Nullable String result;
  private @Nullable Stored stored;

  Keeping(Fill fill, CacheStore store, Head kept, Growing content, Body source) {
    this.fill = fill;
    this.store = store;
    this.kept = kept;
    this.content = content;
    this.source = source;
  }

  /** Who has read all of an answer finds it stored: so before its last byte is passed on. */
  @Override
  public void whole() {
    if (result == null) {
      result = keep();
    }
  }

  @Override
  public void unkept() {
    if (result == null) {
      result = unkeptBecause();
      fill.waiters().noMore();
    }
  }

  private String unkeptBecause() {
    fill.isForOne(kept.status());
    return content.lackedRoom() ? Fill.NO_ROOM : Fill.TOO_LARGE;
  }

  @Override
  public void complete() {
    whole();
    fill.arrived(result == null ? "" : result);
    content.end(source.trailers());
    fill.over();
  }

  @Override
  public void failed(Throwable error) {
    // As long as it was to be, and not whole all the same.
    drop();
    fill.arrived(Fill.FAILED);
    content.fail(error);
    fill.over();
  }

  @Override
  public void unwanted() {
    fill.arrived(Fill.TOO_LARGE);
    fill.over();
  }

  private String keep() {
    ByteBuf all = content.whole();
    if (all == null) {
      return unkeptBecause();
    }
    HttpHeaders trailers = new DefaultHttpHeaders();
    trailers.set(source.trailers());
    Stored made = Stored.of(kept, all, trailers);
    if (fill.isDoomed() || !made.isSound()) {
      all.release();
      return fill.isDoomed() ? DOOMED : Fill.UNCACHEABLE;
    }
    if (!store.put(fill.key(), fill.request(), made)) {
      return Fill.NO_ROOM;
    }
    stored = made;
    // Said meanwhile, or between the question and the keeping.
    if (fill.isDoomed()) {
      drop();
      return DOOMED;
    }
    fill.kept(made);
    return "stored";
  }

  private void drop() {
    Stored made = stored;
    if (made != null) {
      store.purge(fill.key(), (same, one) -> one.isSame(made), null);
    }
  }
}
